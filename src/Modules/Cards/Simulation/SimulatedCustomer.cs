namespace Iskra.Modules.Cards.Simulation;

/// <summary>A customer who was made up: where they live, what they spend and when they are awake.</summary>
internal sealed class SimulatedCustomer
{
    public required UInt128 Id { get; init; }

    /// <summary>Merchants near home, the nearest first.</summary>
    public required int[] Nearby { get; init; }

    /// <summary>Mean of the logarithm of an amount in minor units.</summary>
    public required double LogMean { get; init; }

    public required double LogDeviation { get; init; }

    /// <summary>The hour of the day (UTC) at which they pay most.</summary>
    public required double PeakHour { get; init; }

    /// <summary>What the simulation gave and they have not spent or reserved.</summary>
    public long AvailableMinor { get; set; }
}
