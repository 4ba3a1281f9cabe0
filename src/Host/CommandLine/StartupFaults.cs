using System.Net.Sockets;
using System.Security.Cryptography;
using Iskra.Platform.Hosting;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace Iskra.Host.CommandLine;

/// <summary>One line and an exit code for whatever stopped the program.</summary>
internal static class StartupFaults
{
    public static StartupException Translate(Exception exception) => exception switch
    {
        StartupException startup => startup,
        OptionsValidationException options => BadConfiguration(options.Failures, options),
        AggregateException { InnerExceptions: var all } aggregate when all.Any(inner => inner is OptionsValidationException) =>
            BadConfiguration(all.OfType<OptionsValidationException>().SelectMany(inner => inner.Failures), aggregate),
        AggregateException { InnerExceptions: [var only] } => Translate(only),
        IOException { InnerException: AddressInUseException } => AddressInUse(exception),
        AddressInUseException => AddressInUse(exception),
        SocketException { SocketErrorCode: SocketError.AccessDenied } => new StartupException(
            ExitCode.AddressInUse,
            "This user may not listen on that port (below 1024 needs a privilege); choose another with --urls.",
            exception),
        SocketException { SocketErrorCode: SocketError.AddressNotAvailable }
            or IOException { InnerException.InnerException: SocketException { SocketErrorCode: SocketError.AddressNotAvailable } } =>
            new StartupException(ExitCode.AddressInUse, "This machine doesn't have the address of --urls.", exception),
        CryptographicException or FileNotFoundException { FileName: not null } => new StartupException(
            ExitCode.BadConfiguration,
            $"Kestrel:Certificates: the certificate can't be loaded: {exception.Message.ReplaceLineEndings(" ")}",
            exception),
        InvalidOperationException { Message: var text } when text.Contains("HTTPS endpoint", StringComparison.Ordinal) =>
            new StartupException(
                ExitCode.BadConfiguration,
                "An https address needs a certificate: set Kestrel:Certificates:Default:Path (see docs/operating.md).",
                exception),
        OperationCanceledException => new StartupException(ExitCode.Failure, "Stopped.", exception),
        _ => new StartupException(ExitCode.Failure, $"{exception.Message} ({exception.GetType().Name})", exception),
    };

    private static StartupException BadConfiguration(IEnumerable<string> faults, Exception exception) =>
        new(ExitCode.BadConfiguration, "Bad configuration: " + string.Join("; ", faults.Select(fault => fault.TrimEnd('.'))), exception);

    private static StartupException AddressInUse(Exception exception) => new(
        ExitCode.AddressInUse,
        $"{exception.Message.TrimEnd('.')}. Another program listens there: stop it, or choose another with --urls http://localhost:PORT.",
        exception);
}
