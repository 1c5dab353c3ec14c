"""Reference signers and rules in Python, to check `sigv4a` against and to make its vectors."""
