using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Iskra.Testing;

/// <summary>A self-signed certificate (ECDSA P-256) for <c>localhost</c> and <c>127.0.0.1</c>, new each time, valid for a day.</summary>
public sealed class TestCertificate : IDisposable
{
    private readonly X509Certificate2 _certificate;

    public TestCertificate()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=localhost", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        _certificate = request.CreateSelfSigned(now.AddHours(-1), now.AddDays(1));
    }

    /// <summary>The certificate without its key: what a client may trust.</summary>
    public string CertificatePem => _certificate.ExportCertificatePem();

    /// <summary>The private key, PKCS #8. It guards nothing but a test.</summary>
    public string KeyPem
    {
        get
        {
            using ECDsa key = _certificate.GetECDsaPrivateKey()!;
            return key.ExportPkcs8PrivateKeyPem();
        }
    }

    /// <summary>Whether a peer's certificate is this one.</summary>
    public bool Is(X509Certificate? other) =>
        other is not null && CryptographicOperations.FixedTimeEquals(other.GetRawCertData(), _certificate.RawData);

    /// <summary>Writes <c>server.crt</c> and <c>server.key</c> into the folder.</summary>
    public (string Certificate, string Key) Write(string folder)
    {
        string certificate = Path.Combine(folder, "server.crt");
        string key = Path.Combine(folder, "server.key");
        File.WriteAllText(certificate, CertificatePem);
        File.WriteAllText(key, KeyPem);
        return (certificate, key);
    }

    public void Dispose() => _certificate.Dispose();
}
