using Iskra.Platform.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Iskra.Platform.Security.Users;

/// <summary><c>/v1/security/users</c>: the tenant's people.</summary>
internal static class UserEndpoints
{
    private static readonly ProblemResult Unknown = Problems.NotFound("There is no user with this id.");

    private static readonly ProblemResult Exists = Problems.Create(
        StatusCodes.Status409Conflict, "user-exists", "There is a user with this login");

    private static readonly ProblemResult Oneself = Problems.Create(
        StatusCodes.Status409Conflict, "own-account", "Nobody takes their own access away", "Ask another administrator.");

    internal static void Map(IEndpointRouteBuilder endpoints)
    {
        RouteGroupBuilder users = endpoints.MapGroup("/v1/security/users").WithTags("Security").RequireScope(Scopes.Admin);
        users.MapGet("", ListAsync).WithName("listUsers").WithSummary("The tenant's users, newest first").WithPaging()
            .Produces<Page<User>>().ProducesProblems(400);
        users.MapGet("/{id:guid}", GetAsync).WithName("getUser").WithSummary("One user").Produces<User>().ProducesProblems(404);
        users.MapPost("", CreateAsync).WithName("createUser").WithSummary("Make a user")
            .Accepts<NewUserRequest>("application/json").Produces<User>(StatusCodes.Status201Created).ProducesProblems(400, 409, 503);
        users.MapPatch("/{id:guid}", ChangeAsync).WithName("changeUser")
            .WithSummary("Change name, rights, password or state; a change of rights or password ends the user's tokens")
            .Accepts<UserPatch>("application/json").Produces<User>().ProducesProblems(400, 404, 409, 503);
    }

    private static async Task<IResult> ListAsync(HttpContext context, UserStore users)
    {
        if (!PageRequest.TryRead(context, out PageRequest? page, out ProblemResult? problem))
        {
            return problem;
        }

        Guid before = Guid.Empty;
        if (page.Cursor is not null && !PageCursor.TryDecode(page.Cursor, out before))
        {
            return PageCursor.Invalid;
        }

        IReadOnlyList<User> rows = await users.ListAsync(
            context.GetTenant(), page.Cursor is null ? null : before, page.Limit + 1, context.RequestAborted);
        return Results.Ok(Page.From(rows, page.Limit, user => PageCursor.Encode(user.Id)));
    }

    private static async Task<IResult> GetAsync(Guid id, HttpContext context, UserStore users) =>
        await users.FindAsync(context.GetTenant(), id, context.RequestAborted) is { } row ? Results.Ok(row.ToUser()) : Unknown;

    private static async Task<IResult> CreateAsync(
        HttpContext context, UserStore users, RoleStore roles, PasswordHasher hasher, IOptions<PasswordOptions> options)
    {
        JsonBodyResult<NewUserRequest> body = await JsonBody.ReadAsync<NewUserRequest>(context);
        if (!body.TryGet(out NewUserRequest? request, out ProblemResult? problem))
        {
            return problem;
        }

        Caller by = context.GetCaller()!;
        string login = request.Login.Trim();
        string displayName = request.DisplayName ?? login;
        IReadOnlyList<Role> known = await roles.ListAsync(by.Tenant, context.RequestAborted);
        List<ProblemError> faults = [];
        UserRules.CheckLogin(login, faults);
        NewKeyRules.CheckName("$.displayName", displayName, faults);
        UserRules.CheckRoles(request.Roles ?? [], known, by.Tenant, by, faults);
        ScopeRules.Check("$.scopes", request.Scopes ?? [], required: false, by.Tenant, by, faults);
        if (request.Password is not null)
        {
            UserRules.CheckPassword("$.password", request.Password, login, options.Value.LengthMin, faults);
        }

        if (faults.Count > 0)
        {
            return Problems.Invalid(faults);
        }

        string? hash = request.Password is null ? null : await hasher.HashAsync(request.Password, context.RequestAborted);
        if (request.Password is not null && hash is null)
        {
            return SessionEndpoints.Refusal(new SignInResult(SignInOutcome.Busy));
        }

        User? user = await users.CreateAsync(
            by.Tenant, login, displayName, request.Roles ?? [], request.Scopes ?? [], hash, by, context.RequestAborted);
        return user is null ? Exists : Results.Created($"/v1/security/users/{user.Id}", user);
    }

    private static async Task<IResult> ChangeAsync(
        Guid id, HttpContext context, UserStore users, RoleStore roles, PasswordHasher hasher, IOptions<PasswordOptions> options)
    {
        JsonBodyResult<UserPatch> body = await JsonBody.ReadAsync<UserPatch>(context);
        if (!body.TryGet(out UserPatch? patch, out ProblemResult? problem))
        {
            return problem;
        }

        Caller by = context.GetCaller()!;
        if (await users.FindAsync(by.Tenant, id, context.RequestAborted) is not { } row)
        {
            return Unknown;
        }

        IReadOnlyList<Role> known = await roles.ListAsync(by.Tenant, context.RequestAborted);
        if (Effective(row.Roles, row.Scopes, known).Contains(Scopes.System) && !by.Has(Scopes.System))
        {
            // Whoever may set a user's password may act as that user.
            return Problems.ScopeMissing(Scopes.System);
        }

        List<ProblemError> faults = FindFaults(patch, row, known, by, options.Value);
        if (faults.Count > 0)
        {
            return Problems.Invalid(faults);
        }

        if (by.UserId == id && (patch.Disabled == true || !KeepsAdmin(patch, row, known)))
        {
            return Oneself;
        }

        UserChanges changes = new(patch.DisplayName, patch.Roles, patch.Scopes, patch.Disabled);
        User? user = await users.ChangeAsync(by.Tenant, id, changes, by, context.RequestAborted);
        if (user is not null && patch.Password is not null)
        {
            if (await hasher.HashAsync(patch.Password, context.RequestAborted) is not { } hash)
            {
                return SessionEndpoints.Refusal(new SignInResult(SignInOutcome.Busy));
            }

            await users.SetPasswordAsync(by.Tenant, id, hash, by, context.RequestAborted);
            user = (await users.FindAsync(by.Tenant, id, context.RequestAborted))?.ToUser();
        }

        return user is null ? Unknown : Results.Ok(user);
    }

    private static List<ProblemError> FindFaults(
        UserPatch patch, UserRow row, IReadOnlyList<Role> known, Caller by, PasswordOptions options)
    {
        List<ProblemError> faults = [];
        if (patch.DisplayName is not null)
        {
            NewKeyRules.CheckName("$.displayName", patch.DisplayName, faults);
        }

        UserRules.CheckRoles(patch.Roles ?? [], known, by.Tenant, by, faults);
        ScopeRules.Check("$.scopes", patch.Scopes ?? [], required: false, by.Tenant, by, faults);
        if (patch.Password is not null)
        {
            UserRules.CheckPassword("$.password", patch.Password, row.Login, options.LengthMin, faults);
        }

        return faults;
    }

    private static bool KeepsAdmin(UserPatch patch, UserRow row, IReadOnlyList<Role> known)
    {
        string roles = patch.Roles is null ? row.Roles : Scopes.Join(patch.Roles);
        string scopes = patch.Scopes is null ? row.Scopes : Scopes.Join(patch.Scopes);
        return Effective(roles, scopes, known).Contains(Scopes.Admin);
    }

    /// <summary>All that a user with these roles and scopes may do.</summary>
    private static IEnumerable<string> Effective(string roles, string scopes, IReadOnlyList<Role> known)
    {
        string[] names = Scopes.Split(roles);
        return Scopes.Split(scopes).Concat(known.Where(role => names.Contains(role.Name)).SelectMany(role => role.Scopes));
    }
}
