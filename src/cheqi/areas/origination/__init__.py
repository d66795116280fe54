"""The application: from the first visit to the disbursed loan.

The process is `rules/packs/processes/application.yaml`; this area brings what its steps do.
"""
