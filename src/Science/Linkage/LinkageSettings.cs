namespace Wellmet.Science.Linkage;

/// <summary>How records are linked. The result is the same for any number of threads.</summary>
/// <param name="Precision">What is wished of the accepted pairs: the share that is right, in (0, 1).</param>
/// <param name="LeastProbability">Pairs below are not kept at all.</param>
/// <param name="LargestBlock">Records that are compared with each other because of one key; more are parted by further keys.</param>
/// <param name="Seed">Of the samples that the weights are learned from.</param>
public sealed record LinkageSettings(double Precision = 0.99, double LeastProbability = 0.05, int LargestBlock = 16, ulong Seed = 1);
