using System.Net.Sockets;
using Iskra.Platform.Hosting;
using Npgsql;

namespace Iskra.Platform.Data.Postgres;

/// <summary>Turns the driver's exceptions into one clear line. None of them carries the password.</summary>
internal static class PostgresErrors
{
    public static StartupException ToStartup(NpgsqlException e, PostgresAddress address)
    {
        string message = (e as PostgresException)?.SqlState switch
        {
            PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
                $"PostgreSQL at {address.Server} refuses user '{address.User}': the user or the password is wrong, or pg_hba.conf "
                + "forbids it.",
            PostgresErrorCodes.InvalidCatalogName =>
                $"PostgreSQL at {address.Server} has no database '{address.DatabaseName}'. Create it: createdb --owner={address.User} "
                + $"{address.DatabaseName}",
            PostgresErrorCodes.InsufficientPrivilege =>
                $"User '{address.User}' lacks a right on {address}: {Line(e)}",
            PostgresErrorCodes.TooManyConnections or PostgresErrorCodes.CannotConnectNow =>
                $"PostgreSQL at {address.Server} takes no connections now: {Line(e)}",
            not null => $"PostgreSQL at {address.Server} answered with an error: {Line(e)}",
            null => $"PostgreSQL at {address.Server} can't be reached ({Reason(e)}). Check ISKRA_DATABASE and that the server runs.",
        };
        return new StartupException(ExitCode.DatabaseUnreachable, message, e);
    }

    /// <summary>Worth another attempt: nothing was sent, or the server said that it will pass.</summary>
    public static bool IsTransient(NpgsqlException e) =>
        e.IsTransient || e.InnerException is SocketException or IOException or TimeoutException;

    /// <summary>The pool's own time-out, which the driver reports without a code.</summary>
    public static bool IsPoolExhausted(NpgsqlException e) =>
        e is not PostgresException && e.Message.Contains("pool has been exhausted", StringComparison.Ordinal);

    private static string Line(NpgsqlException e) => ((e as PostgresException)?.MessageText ?? e.Message).ReplaceLineEndings(" ");

    private static string Reason(NpgsqlException e) => e.InnerException switch
    {
        SocketException socket => socket.SocketErrorCode switch
        {
            SocketError.ConnectionRefused => "connection refused",
            SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => "the host name is unknown",
            SocketError.TimedOut => "no answer in time",
            _ => socket.Message.ReplaceLineEndings(" "),
        },
        TimeoutException => "no answer in time",
        _ => Line(e).TrimEnd('.'),
    };
}
