"""What can go wrong while measuring."""


class MeasurementError(Exception):
    """Something measured did not do what it should; the message is for people."""
