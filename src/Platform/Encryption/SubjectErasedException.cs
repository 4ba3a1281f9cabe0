using Iskra.Platform.Tenancy;

namespace Iskra.Platform.Encryption;

/// <summary>Something was to be sealed for a subject whose key was destroyed: the subject can't get data again under the same id.</summary>
public sealed class SubjectErasedException : Exception
{
    internal SubjectErasedException(TenantId tenant, SubjectId subject)
        : base($"Subject '{subject}' of tenant {tenant} was erased; nothing can be sealed for it any more.")
    {
    }
}
