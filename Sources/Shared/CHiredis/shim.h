#pragma once
// Only hiredis's stand-alone reply reader and command formatter are used; the socket is SwiftNIO's.
#include <hiredis/hiredis.h>
#include <hiredis/read.h>
