# The words of the project; each is also `python3 -m stack WORD`.
PYTHON ?= python3
WORDS = run test test-slow check fmt bench screenshots lock messages up down status

.PHONY: $(WORDS)
$(WORDS):
	@exec $(PYTHON) -m stack $@
