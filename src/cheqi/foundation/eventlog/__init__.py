"""The event log: facts written with their cause, sealed into one Merkle tree, provable."""
