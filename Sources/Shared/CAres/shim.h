#pragma once
#include <ares.h>

/* Wakes the thread that waits for the sockets of c-ares. Swift's Glibc module leaves it out. */
#include <sys/eventfd.h>
