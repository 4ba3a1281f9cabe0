namespace Iskra.Platform.Hosting;

/// <summary>How the server is addressed. Section <c>Http</c>.</summary>
public sealed class HttpOptions
{
    public const string Section = "Http";

    /// <summary>
    /// Host names that requests may carry, besides <c>localhost</c>, the machine's own name and any IP address. A name of someone else's
    /// that resolves to this machine (DNS rebinding) is refused. <c>*</c> allows all; <c>*.example.org</c> allows sub-domains.
    /// </summary>
    public IList<string> AllowedHosts { get; } = [];
}
