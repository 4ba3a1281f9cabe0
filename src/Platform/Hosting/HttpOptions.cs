using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Iskra.Platform.Hosting;

/// <summary>How the server is addressed. Section <c>Http</c>.</summary>
public sealed class HttpOptions : IValidatableObject
{
    public const string Section = "Http";

    /// <summary>
    /// Host names that requests may carry, besides <c>localhost</c>, the machine's own name and any IP address. A name of someone else's
    /// that resolves to this machine (DNS rebinding) is refused. <c>*</c> allows all; <c>*.example.org</c> allows sub-domains.
    /// </summary>
    public IList<string> AllowedHosts { get; } = [];

    /// <summary>
    /// Addresses (<c>10.0.0.5</c>) and networks (<c>10.0.0.0/8</c>) of proxies in front of this server. Only from them are
    /// <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> believed; each must append to what it received, or replace it. Empty: from
    /// nobody.
    /// </summary>
    public IList<string> TrustedProxies { get; } = [];

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (string proxy in TrustedProxies.Where(proxy => !IPAddress.TryParse(proxy, out _) && !IPNetwork.TryParse(proxy, out _)))
        {
            yield return new ValidationResult(
                $"'{proxy}' is neither an address nor a network such as 10.0.0.0/8", [nameof(TrustedProxies)]);
        }
    }
}
