"""How one session's waits for locks are limited, measured and explained on each engine. See `core.waits.Waits`."""
