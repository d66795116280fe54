"""The desk: what staff work at. Log-in, account, the frame and the style guide."""
