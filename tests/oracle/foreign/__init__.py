"""Signers of other projects, and the requests they send to an endpoint that verifies them."""
