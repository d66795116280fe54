"""`python -m cheqi` is the `cheqi` command."""

import sys

from cheqi.config.cli import main

sys.exit(main())
