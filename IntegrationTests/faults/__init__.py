"""Breaks a running installation on purpose, journals what every part did, and checks the journals afterwards."""
