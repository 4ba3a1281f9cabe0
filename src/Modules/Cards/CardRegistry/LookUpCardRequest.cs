using System.ComponentModel;

namespace Iskra.Modules.Cards.CardRegistry;

/// <summary>The body of <c>POST /v1/cards/cards:lookup</c>: a body, because addresses end up in logs.</summary>
internal sealed class LookUpCardRequest
{
    [Description("12 to 19 digits with a valid check digit.")]
    public required string Number { get; init; }
}
