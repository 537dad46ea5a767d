"""The cellar: keys and sealed fields; nothing else in the house touches a key."""
