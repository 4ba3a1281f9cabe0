using System.Net;
using System.Net.Http.Json;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Iskra.Testing;

namespace Iskra.EndToEnd.Tests.Host;

/// <summary>The program over https, with a certificate given by configuration as docs/operating.md says.</summary>
public sealed class TlsTests(SecureServer server) : IClassFixture<SecureServer>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Handshake_WithAnyVersion_NegotiatesTls13WithTheGivenCertificate()
    {
        using TcpClient tcp = new();
        await tcp.ConnectAsync(server.Iskra.Address.Host, server.Iskra.Address.Port, Token);
        await using SslStream secure = new(tcp.GetStream());
        SslClientAuthenticationOptions options = new()
        {
            TargetHost = "localhost",
            RemoteCertificateValidationCallback = (_, shown, _, _) => server.Certificate.Is(shown),
        };
        await secure.AuthenticateAsClientAsync(options, Token);

        Assert.Equal(SslProtocols.Tls13, secure.SslProtocol);
    }

    [Fact]
    public async Task Handshake_WithTls11_IsRefusedWhereTls12GoesOn()
    {
        byte? old = await ClientHello.SendAsync(ClientHello.Tls11(), server.Iskra.Address, Token);
        byte? modern = await ClientHello.SendAsync(ClientHello.Tls12(), server.Iskra.Address, Token);

        Assert.NotEqual(ClientHello.Handshake, old);
        Assert.Equal(ClientHello.Handshake, modern);
    }

    [Theory]
    [InlineData(SecureServer.Name, "max-age=31536000")]
    [InlineData("localhost", null)]
    public async Task Response_OverHttps_TellsBrowsersToComeBackThatWay(string host, string? expected)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/health/live");
        request.Headers.Host = host;
        using HttpResponseMessage response = await server.Iskra.Client.SendAsync(request, Token);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        string? sent = response.Headers.TryGetValues("Strict-Transport-Security", out IEnumerable<string>? values) ? values.Single() : null;
        Assert.Equal(expected, sent);
    }

    [Fact]
    public async Task SignIn_OverHttps_SetsASecureCookie()
    {
        using HttpClient client = server.Iskra.CreateClient(null);
        using HttpResponseMessage response = await client.PostAsJsonAsync(
            "/v1/security/session", new { apiKey = IskraProcess.AdminKey }, Token);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        string cookie = Assert.Single(response.Headers.GetValues("Set-Cookie"));
        Assert.Contains("; secure", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("; httponly", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Http_OnTheHttpsPort_GetsNoAnswerAndHarmsNobody()
    {
        using HttpClient plain = new() { BaseAddress = new UriBuilder(server.Iskra.Address) { Scheme = "http" }.Uri };
        await Assert.ThrowsAsync<HttpRequestException>(() => plain.GetAsync(new Uri("/health/live", UriKind.Relative), Token));

        using HttpResponseMessage response = await server.Iskra.Client.GetAsync(new Uri("/health/live", UriKind.Relative), Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Start_CertificateIsNotThere_SaysSoInOneLine()
    {
        using TestFolder folder = new();
        IskraResult result = await IskraProcess.RunAsync(
            new Dictionary<string, string?> { ["ISKRA__Kestrel__Certificates__Default__Path"] = folder["no.pem"] },
            "serve",
            "--data",
            folder["data"],
            "--urls",
            $"https://127.0.0.1:{LoopbackPort.Free()}");

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("no.pem", Assert.Single(result.Faults), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }
}
