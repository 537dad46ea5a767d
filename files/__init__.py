"""The strongroom: files that were brought in, cleaned, sealed at rest and handed out one by one."""
