// Placeholder until the simulated AWS lands.
