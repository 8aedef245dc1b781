"""How one runner at a time is achieved on each engine, one file each. See `core.runner_lock.RunnerLock`."""
