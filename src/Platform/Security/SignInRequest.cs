namespace Iskra.Platform.Security;

/// <summary>Without the key in <see cref="ToString"/>: a record prints all members.</summary>
internal sealed record SignInRequest(string ApiKey)
{
    public override string ToString() => nameof(SignInRequest);
}
