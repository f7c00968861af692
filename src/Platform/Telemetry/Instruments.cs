using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Wellmet.Platform.Telemetry;

/// <summary>
/// The program's own meter and source of spans; each room makes its instruments from here. Names begin with <c>wellmet.</c>, units are those of UCUM. What
/// is measured costs nothing while nobody listens. Tags hold codes and names of parts of the program, never anything of a person.
/// </summary>
public sealed class Instruments : IDisposable
{
    public const string Name = "Wellmet";

    public static readonly ActivitySource Source = new(Name);

    public Meter Meter { get; } = new(Name);

    public void Dispose() => Meter.Dispose();
}
