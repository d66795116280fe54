"""One folder per outside system. They translate only: ports and core are all they see."""
