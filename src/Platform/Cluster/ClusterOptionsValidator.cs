using Microsoft.Extensions.Options;

namespace Iskra.Platform.Cluster;

internal sealed class ClusterOptionsValidator : IValidateOptions<ClusterOptions>
{
    public ValidateOptionsResult Validate(string? name, ClusterOptions options) =>
        string.IsNullOrEmpty(options.AdvertisedUrl)
        || (Uri.TryCreate(options.AdvertisedUrl, UriKind.Absolute, out Uri? url)
            && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)
            && url.UserInfo.Length == 0)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"{ClusterOptions.Section}:{nameof(ClusterOptions.AdvertisedUrl)} (ISKRA_ADVERTISED_URL) must be an address such as "
                + "http://10.0.0.7:5080, without user or password.");
}
