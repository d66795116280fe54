"""Canonical JSON, the RFC 9162 Merkle tree, checkpoints and bundle verification."""
