using System.Net;
using Iskra.Platform.Hosting;

namespace Iskra.Host.Serving;

/// <summary>The addresses to listen on.</summary>
internal static class ListenUrls
{
    public const string Default = "http://localhost:5080";

    public static string[] Parse(string? urls)
    {
        string[] all = (string.IsNullOrWhiteSpace(urls) ? Default : urls)
            .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        foreach (string url in all)
        {
            if (!IsGood(url))
            {
                throw new StartupException(
                    ExitCode.Usage,
                    $"--urls: '{url}' is no address to listen on; write http://localhost:5080, http://0.0.0.0:5080 or https://…");
            }
        }

        return all;
    }

    /// <summary>True when other machines can reach the address and read what is said, keys included.</summary>
    public static bool IsOpenWithoutTls(string url)
    {
        BindingAddress address = BindingAddress.Parse(url);
        return address.Scheme == Uri.UriSchemeHttp && !address.IsUnixPipe && !IsLoopback(address.Host);
    }

    private static bool IsLoopback(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));

    private static bool IsGood(string url)
    {
        try
        {
            BindingAddress address = BindingAddress.Parse(url);
            return (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
                && address.Port is >= 0 and <= IPEndPoint.MaxPort
                && address.PathBase.Length == 0;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
