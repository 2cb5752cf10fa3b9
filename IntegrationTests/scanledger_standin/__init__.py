"""A stand-in for ScanLedger's REST interface, for the demo and the integration tests. Not part of the product."""
