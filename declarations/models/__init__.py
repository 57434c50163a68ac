"""The versions of the Gemeinsame Erklärung, joining the network, signatures and signing rounds."""
