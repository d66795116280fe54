"""The portal: what customers see. Log-in by one-time code, tracker links, the installable frame."""
