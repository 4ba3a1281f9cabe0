using System.ComponentModel.DataAnnotations;

namespace Iskra.Modules.Cards.Simulation;

/// <summary>Simulated card traffic. Section <c>Cards:Demo</c>.</summary>
internal sealed class DemoOptions : IValidatableObject
{
    public const string Section = "Cards:Demo";

    /// <summary>Transfers per second at speed 1.</summary>
    public const int TransfersPerSecond = 100;

    public const double SpeedMin = 1;

    public const double SpeedMax = 1000;

    /// <summary>Starts with the server; without it <c>POST /v1/cards/demo</c> starts it.</summary>
    public bool Enabled { get; set; }

    /// <summary>Times <see cref="TransfersPerSecond"/>.</summary>
    [Range(SpeedMin, SpeedMax)]
    public double Speed { get; set; } = 1;

    /// <summary>
    /// Tenants that may have it at the same time; one more is refused. Metric iskra.cards.demo.refused.
    /// </summary>
    [Range(1, 1_000)]
    public int TenantsMax { get; set; } = 16;

    /// <summary>A CSV file in the import's format, replayed over and over at that rate; without one the traffic is generated.</summary>
    public string? File { get; set; }

    /// <summary>The same seed gives the same customers, merchants and amounts.</summary>
    public int Seed { get; set; } = 1;

    [Range(10, 100_000)]
    public int Customers { get; set; } = 500;

    [Range(10, 100_000)]
    public int Merchants { get; set; } = 200;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (File is { Length: > 0 } && !System.IO.File.Exists(File))
        {
            yield return new ValidationResult("The file is not there.", [nameof(File)]);
        }
    }
}
