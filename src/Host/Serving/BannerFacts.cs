using Iskra.Host.Web;
using Iskra.Platform.Hosting;

namespace Iskra.Host.Serving;

/// <summary>What the start prints. Not a record: one would print the key wherever it is formatted.</summary>
internal sealed class BannerFacts(
    IReadOnlyList<string> addresses,
    IConfiguration configuration,
    string engine,
    IReadOnlyList<IModule> roles,
    WebApp web,
    string? firstKey,
    bool isEmpty,
    string? newKeys)
{
    public IReadOnlyList<string> Addresses => addresses;

    public string Folder => Path.GetFullPath(configuration["Data:Folder"] ?? "data");

    public string Engine => engine;

    public IReadOnlyList<IModule> Roles => roles;

    public WebApp Web => web;

    public string? FirstKey => firstKey;

    public bool IsEmpty => isEmpty;

    /// <summary>Where this start wrote new keys; null when it wrote none.</summary>
    public string? NewKeys => newKeys;

    public bool IsDemo => configuration["Cards:Demo:Enabled"] == "true";
}
