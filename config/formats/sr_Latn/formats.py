"""Serbian dates, times and numbers."""

DATE_FORMAT = "j. n. Y."
SHORT_DATE_FORMAT = "j. n."
DATETIME_FORMAT = "j. n. Y, H:i"
SHORT_DATETIME_FORMAT = "j. n, H:i"
TIME_FORMAT = "H:i"
THOUSAND_SEPARATOR = "."
DECIMAL_SEPARATOR = ","
NUMBER_GROUPING = 3
DATE_INPUT_FORMATS = ["%Y-%m-%d", "%d.%m.%Y", "%d.%m.%Y.", "%d. %m. %Y", "%d. %m. %Y."]
