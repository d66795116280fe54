"""The English catalogue and the tools that keep it complete, without gettext's programs."""
