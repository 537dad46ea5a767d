"""The guard over the house: who looked, what must go, who asked, what went wrong."""
