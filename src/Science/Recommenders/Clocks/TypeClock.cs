using System.Runtime.InteropServices;
using Wellmet.Science.Products;

namespace Wellmet.Science.Recommenders.Clocks;

/// <summary>What is known of a type's rhythm. All times in days.</summary>
/// <param name="Kind">Said or learned.</param>
/// <param name="Interval">A consumable: median days between two purchases of one piece each. A durable: the cool-down. A collectable: 0.</param>
/// <param name="Spread">Standard deviation of ln(interval).</param>
/// <param name="Stretch">So many times the pieces, pieces^stretch times the days; in [0, 1].</param>
/// <param name="RepeatRate">Lower 90 % bound of the share of purchases that are repeated in time.</param>
/// <param name="Intervals">Observed intervals of the type itself.</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct TypeClock(ProductKind Kind, float Interval, float Spread, float Stretch, float RepeatRate, int Intervals);
