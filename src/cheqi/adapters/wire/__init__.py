"""What the HTTP adapters share: the signature, a truthful client, a simulator's chassis."""
