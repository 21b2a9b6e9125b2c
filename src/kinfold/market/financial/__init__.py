"""Financial oversight: ratios, checks of submissions, a scorecard that can be read, stress, stages."""
