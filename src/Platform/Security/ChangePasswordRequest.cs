namespace Iskra.Platform.Security;

/// <summary>Without the passwords in <see cref="ToString"/>: a record prints all members.</summary>
internal sealed record ChangePasswordRequest(string CurrentPassword, string NewPassword)
{
    public override string ToString() => nameof(ChangePasswordRequest);
}
