"""The component library: badges, panels, tables declared in Python, static assets."""
