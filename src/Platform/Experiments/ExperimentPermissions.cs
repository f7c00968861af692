using Wellmet.Platform.Access;

namespace Wellmet.Platform.Experiments;

/// <summary>Permissions of experiments.</summary>
public static class ExperimentPermissions
{
    /// <summary>See experiments and what came of them.</summary>
    public static readonly Permission Read = new("experiments.read");

    /// <summary>Make, start and stop experiments, and choose what goes on.</summary>
    public static readonly Permission Manage = new("experiments.manage");
}
