"""The work that people do. Areas never import each other."""
