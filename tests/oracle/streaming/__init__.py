"""Clients that upload in pieces, and what they need around them."""
