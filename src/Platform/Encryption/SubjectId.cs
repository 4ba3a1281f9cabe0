namespace Iskra.Platform.Encryption;

/// <summary>
/// The person (or other holder of rights) whose data a key protects, within a tenant: an opaque id of 1 to 100 printable ASCII characters
/// without spaces, such as a UUID. It is stored in the clear, also after the erasure, so it must not itself say who it is: no e-mail
/// address, no telephone number.
/// </summary>
public readonly record struct SubjectId
{
    public const int LengthMax = 100;

    private readonly string? _value;

    /// <exception cref="ArgumentException">The text is no subject id.</exception>
    public SubjectId(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (!IsValid(value))
        {
            throw new ArgumentException($"A subject id has 1 to {LengthMax} printable ASCII characters without spaces.", nameof(value));
        }

        _value = value;
    }

    public SubjectId(Guid id)
        : this(id.ToString())
    {
    }

    public string Value => _value ?? throw new InvalidOperationException("A subject id was never set.");

    public static bool IsValid(ReadOnlySpan<char> value) =>
        value.Length is >= 1 and <= LengthMax && !value.ContainsAnyExceptInRange('!', '~');

    public override string ToString() => _value ?? "";
}
