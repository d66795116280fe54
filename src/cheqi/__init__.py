"""Cheqi (车契): an auto lender's operations, from the first visit to the released lien.

Imports point downwards only: config, demo, web, (areas, insight, adapters), (ui, records),
foundation, ports, rules, core. `docs/architecture.md` says what each part promises the others.
"""
