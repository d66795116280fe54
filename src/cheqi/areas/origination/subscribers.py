"""What the application does after something has happened elsewhere; filled by the messages it sends."""
