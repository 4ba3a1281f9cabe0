using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Iskra.Platform.Redis;

/// <summary>Opens connections: socket, TLS, <c>HELLO 3</c> with the password (or RESP2 where the server refuses it), database.</summary>
internal sealed class RedisConnector(RedisAddress address, RedisOptions options, RedisMetrics metrics, TimeProvider time)
{
    /// <summary>A connection that is ready for commands.</summary>
    /// <exception cref="RedisException">It can't be had.</exception>
    public async Task<RedisHandshake> OpenAsync(Action<RedisReply> push, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.ConnectTimeout);
        try
        {
            Stream stream = await ConnectAsync(limit.Token);
            RedisConnection connection = new(stream, options, metrics, time, push);
            try
            {
                return await GreetAsync(connection).WaitAsync(limit.Token);
            }
            catch
            {
                await connection.DisposeAsync();
                throw;
            }
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RedisException(RedisFault.Timeout, "Redis didn't accept the connection in time.", exception);
        }
        catch (Exception exception) when (exception is SocketException or IOException or AuthenticationException)
        {
            string reason = exception switch
            {
                AuthenticationException => "the TLS handshake failed: its certificate isn't trusted, or names another host",
                SocketException socket => socket.SocketErrorCode.ToString(),
                _ => exception.GetType().Name,
            };
            throw new RedisException(RedisFault.NotConnected, $"Redis can't be reached: {reason}.", exception);
        }
    }

    private async Task<Stream> ConnectAsync(CancellationToken cancellationToken)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address.Host, address.Port, cancellationToken);
            NetworkStream plain = new(socket, ownsSocket: true);
            return address.IsTls ? await SecureAsync(plain, cancellationToken) : plain;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<SslStream> SecureAsync(NetworkStream plain, CancellationToken cancellationToken)
    {
        SslStream secure = new(plain);
        SslClientAuthenticationOptions settings = new()
        {
            TargetHost = address.Host,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        };
        if (!string.IsNullOrEmpty(options.CaFile))
        {
            X509ChainPolicy policy = new()
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            policy.CustomTrustStore.ImportFromPemFile(options.CaFile);
            settings.CertificateChainPolicy = policy;
        }

        await secure.AuthenticateAsClientAsync(settings, cancellationToken);
        return secure;
    }

    private async Task<RedisHandshake> GreetAsync(RedisConnection connection)
    {
        string user = address.User ?? "default";
        try
        {
            RedisReply hello = await connection.SendAsync(address.Password is { } password
                ? ["HELLO", 3L, "AUTH", user, password, "SETNAME", "iskra"]
                : ["HELLO", 3L, "SETNAME", "iskra"]);
            await SelectAsync(connection);
            return new RedisHandshake(connection, 3, Version(hello));
        }
        catch (RedisException refused) when (refused.Code is "ERR" or "NOPROTO")
        {
            // A server, or a proxy in front of it, from before RESP3, or one whose HELLO was renamed.
        }

        if (address.Password is { } secret)
        {
            await connection.SendAsync(address.User is null ? ["AUTH", secret] : ["AUTH", user, secret]);
        }

        await SelectAsync(connection);
        await connection.SendAsync(["PING"]);
        return new RedisHandshake(connection, 2, "?");
    }

    private async Task SelectAsync(RedisConnection connection)
    {
        if (address.Database != 0)
        {
            await connection.SendAsync(["SELECT", (long)address.Database]);
        }
    }

    private static string Version(RedisReply hello)
    {
        for (int index = 0; index + 1 < hello.Items.Length; index += 2)
        {
            if (hello.Items[index].ToString() == "version")
            {
                return hello.Items[index + 1].ToString();
            }
        }

        return "?";
    }
}
