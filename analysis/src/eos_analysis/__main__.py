"""``python -m eos_analysis`` is the command ``eos-analysis``."""

import sys

from eos_analysis.command import main

sys.exit(main())
